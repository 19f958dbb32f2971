"""Operations as they run."""
