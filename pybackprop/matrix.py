"""Lesson: matrices.

A matrix is a table of numbers. Ours has three entries: rows_length and
columns_length, its size, and values, all its numbers in one list, one column
after the other (column-major). A matrix of 3 rows and 2 columns lists them so:

  row 0, column 0    values 0
  row 1, column 0    values 1
  row 2, column 0    values 2
  row 0, column 1    values 3
  row 1, column 1    values 4
  row 2, column 1    values 5

So the number at a row and a column is values[row + rows_length * column].

A function without a line "Tutorial:" is not in the tutorial.

The Perl twin of this file is perl_reference/matrix.pl.
"""

from typing import TypedDict


class Matrix(TypedDict):
    """The three entries of a matrix; in Perl a hash with the same keys."""

    rows_length: int
    columns_length: int
    values: list[float]


def check_mat(mat: Matrix) -> None:
    """Makes sure that a matrix is complete.

    mat: a matrix of any size.
    Returns nothing. A missing entry, a length below 0, and a number of values
    which isn't rows times columns are errors.
    """
    for key in ("rows_length", "columns_length", "values"):
        if key not in mat:
            raise ValueError(f"a matrix without {key}")

    rows_length = mat["rows_length"]
    columns_length = mat["columns_length"]
    values_length = len(mat["values"])
    if rows_length < 0:
        raise ValueError(f"a matrix cannot have {rows_length} rows")
    if columns_length < 0:
        raise ValueError(f"a matrix cannot have {columns_length} columns")
    if values_length != rows_length * columns_length:
        raise ValueError(
            f"a {rows_length} x {columns_length} matrix cannot have {values_length} values"
        )


def to_mat(vector: list[float]) -> Matrix:
    """Makes a matrix of one column from a vector.

    vector: a vector of n numbers.
    Returns a new n x 1 matrix. An empty vector gives a 0 x 1 matrix.
    Tutorial: 重みの損失関数に対する傾きを行列で表現する
    (Writing the slopes of the cost function for the weights as a matrix)
    """
    length = len(vector)
    values = list(vector)

    return {"rows_length": length, "columns_length": 1, "values": values}


def transpose(mat: Matrix) -> Matrix:
    """Turns the rows of a matrix into columns.

    mat: an m x n matrix.
    Returns a new n x m matrix. An incomplete matrix is an error.
    Tutorial: 重みの損失関数に対する傾きを行列で表現する
    (Writing the slopes of the cost function for the weights as a matrix)
    """
    check_mat(mat)

    rows_length = mat["rows_length"]
    columns_length = mat["columns_length"]

    # One row of the old matrix after the other: each is a column of the new one.
    values = []
    for row in range(rows_length):
        for column in range(columns_length):
            values.append(mat["values"][row + rows_length * column])

    return {"rows_length": columns_length, "columns_length": rows_length, "values": values}


def mul_mat(mat1: Matrix, mat2: Matrix) -> Matrix:
    """The product of two matrices.

    The number at a row and a column of the product is the sum over i of
    (mat1 at that row, column i) * (mat2 at row i, that column).

    mat1: an l x m matrix.
    mat2: an m x n matrix.
    Returns a new l x n matrix, all 0 if m is 0. An incomplete matrix is an error,
    and so are sizes that don't fit (another m on the right).
    Tutorial: 重みの損失関数に対する傾きを行列で表現する
    (Writing the slopes of the cost function for the weights as a matrix)
    """
    check_mat(mat1)
    check_mat(mat2)

    rows_length1 = mat1["rows_length"]
    columns_length1 = mat1["columns_length"]
    rows_length2 = mat2["rows_length"]
    columns_length2 = mat2["columns_length"]
    if columns_length1 != rows_length2:
        size1 = f"{rows_length1} x {columns_length1}"
        size2 = f"{rows_length2} x {columns_length2}"
        raise ValueError(f"cannot multiply a {size1} matrix by a {size2} matrix")

    values = []
    for column in range(columns_length2):
        for row in range(rows_length1):
            total = 0.0
            for i in range(columns_length1):
                value1 = mat1["values"][row + rows_length1 * i]
                value2 = mat2["values"][i + rows_length2 * column]
                total = total + value1 * value2
            values.append(total)

    return {"rows_length": rows_length1, "columns_length": columns_length2, "values": values}
