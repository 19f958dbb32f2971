"""From the inputs of mutations to the operations of the store, the same for single mutations and
for change sets."""
