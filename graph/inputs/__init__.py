"""What mutations take, and how it becomes what the operations of the store take."""
