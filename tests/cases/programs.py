"""Cases of the programs: the tutorial's two print without being asked anything."""

from pathlib import Path

from parity import Cases, Run

DIGITS = Path(__file__).parents[2] / "perl_reference" / "programs" / "digits" / "digits.txt"
FEW = {"few.txt": "".join(DIGITS.read_text().splitlines(keepends=True)[:60])}

train_digits = Cases(
    examples=[
        Run(["--data", "few.txt", *words.split()], files=FEW | {"no_network.json": "[1, 2]"})
        for words in (
            "--epochs 2 --predict",
            "--epochs 1 --layers 64,5,10 --activation relu --batch 1 --save saved.json",
            "--rate 0",
            "--load no_network.json",
        )
    ]
)
