def lost(x: float) -> float:
    return x
