# Lesson: matrices.
#
# A matrix is a table of numbers. Ours has three entries: rows_length and
# columns_length, its size, and values, all its numbers in one list, one column
# after the other (column-major). A matrix of 3 rows and 2 columns lists them so:
#
#   row 0, column 0    values 0
#   row 1, column 0    values 1
#   row 2, column 0    values 2
#   row 0, column 1    values 3
#   row 1, column 1    values 4
#   row 2, column 1    values 5
#
# So the number at a row and a column is values[row + rows_length * column].
#
# A function without a line "Tutorial:" is not in the tutorial.
#
# The Python twin of this file is pybackprop/matrix.py.

use strict;
use warnings;

# check_mat: makes sure that a matrix is complete.
#
# mat: a matrix of any size.
# Returns nothing. A missing entry, a length below 0, and a number of values
# which isn't rows times columns are errors.
sub check_mat {
    my ($mat) = @_;

    foreach my $key ('rows_length', 'columns_length', 'values') {
        if (!exists $mat->{$key}) {
            die "a matrix without $key\n";
        }
    }

    my $rows_length    = $mat->{rows_length};
    my $columns_length = $mat->{columns_length};
    my $values_length  = @{$mat->{values}};
    if ($rows_length < 0) {
        die "a matrix cannot have $rows_length rows\n";
    }
    if ($columns_length < 0) {
        die "a matrix cannot have $columns_length columns\n";
    }
    if ($values_length != $rows_length * $columns_length) {
        die "a $rows_length x $columns_length matrix cannot have $values_length values\n";
    }

    return;
}

# to_mat: makes a matrix of one column from a vector.
#
# vector: a vector of n numbers.
# Returns a new n x 1 matrix. An empty vector gives a 0 x 1 matrix.
# Tutorial: 重みの損失関数に対する傾きを行列で表現する
# (Writing the slopes of the cost function for the weights as a matrix)
sub to_mat {
    my ($vector) = @_;

    my $length = @$vector;
    my $values = [@$vector];

    return {rows_length => $length, columns_length => 1, values => $values};
}

# transpose: turns the rows of a matrix into columns.
#
# mat: an m x n matrix.
# Returns a new n x m matrix. An incomplete matrix is an error.
# Tutorial: 重みの損失関数に対する傾きを行列で表現する
# (Writing the slopes of the cost function for the weights as a matrix)
sub transpose {
    my ($mat) = @_;

    check_mat($mat);

    my $rows_length    = $mat->{rows_length};
    my $columns_length = $mat->{columns_length};

    # One row of the old matrix after the other: each is a column of the new one.
    my $values = [];
    for (my $row = 0; $row < $rows_length; $row++) {
        for (my $column = 0; $column < $columns_length; $column++) {
            push @$values, $mat->{values}[$row + $rows_length * $column];
        }
    }

    return {rows_length => $columns_length, columns_length => $rows_length, values => $values};
}

# mul_mat: the product of two matrices.
#
# The number at a row and a column of the product is the sum over i of
# (mat1 at that row, column i) * (mat2 at row i, that column).
#
# mat1: an l x m matrix.
# mat2: an m x n matrix.
# Returns a new l x n matrix, all 0 if m is 0. An incomplete matrix is an error,
# and so are sizes that don't fit (another m on the right).
# Tutorial: 重みの損失関数に対する傾きを行列で表現する
# (Writing the slopes of the cost function for the weights as a matrix)
sub mul_mat {
    my ($mat1, $mat2) = @_;

    check_mat($mat1);
    check_mat($mat2);

    my $rows_length1    = $mat1->{rows_length};
    my $columns_length1 = $mat1->{columns_length};
    my $rows_length2    = $mat2->{rows_length};
    my $columns_length2 = $mat2->{columns_length};
    if ($columns_length1 != $rows_length2) {
        my $size1 = "$rows_length1 x $columns_length1";
        my $size2 = "$rows_length2 x $columns_length2";
        die "cannot multiply a $size1 matrix by a $size2 matrix\n";
    }

    my $values = [];
    for (my $column = 0; $column < $columns_length2; $column++) {
        for (my $row = 0; $row < $rows_length1; $row++) {
            my $total = 0.0;
            for (my $i = 0; $i < $columns_length1; $i++) {
                my $value1 = $mat1->{values}[$row + $rows_length1 * $i];
                my $value2 = $mat2->{values}[$i + $rows_length2 * $column];
                $total = $total + $value1 * $value2;
            }
            push @$values, $total;
        }
    }

    return {rows_length => $rows_length1, columns_length => $columns_length2, values => $values};
}

1;
