# Lesson: Perl's random numbers.
#
# The first weights of a network are random, and so is the order in which it sees
# its data. For two languages to train the same network, both must draw the same
# random numbers. Perl's srand and rand are a generator with a state of 48 bits
# (the C library's drand48, which perl has brought with it since 5.20):
#
#   state = seed * 65536 + 13070, the seed being a number of 32 bits
#   state = (state * 25214903917 + 11) % 2**48, for each number
#   number = state / 2**48
#
# The Perl side calls srand and rand, the Python side calculates the same. So the
# two differ in one function, random_numbers, and only there.
#
# Nothing of this lesson is in the tutorial.
#
# The Python twin of this file is pybackprop/perl_random.py.

use strict;
use warnings;

# check_count: makes sure that so many random numbers can be drawn.
#
# count: an integer.
# Returns nothing. A count below 0 is an error.
sub check_count {
    my ($count) = @_;

    if ($count < 0) {
        die "cannot draw $count random numbers\n";
    }

    return;
}

# random_numbers: the first numbers that Perl's rand gives after srand.
#
# The same seed gives the same numbers. Of an integer beyond 32 bits srand takes the
# last 32, and it ignores the sign.
#
# seed: an integer of 32 bits.
# count: an integer, how many numbers.
# Returns a new vector of numbers from 0 up to, but not including, 1. A count
# below 0 is an error.
sub random_numbers {
    my ($seed, $count) = @_;

    check_count($count);

    srand $seed;

    my $numbers = [];
    for (my $i = 0; $i < $count; $i++) {
        push @$numbers, rand;
    }

    return $numbers;
}

# normal_numbers: random numbers from the normal distribution.
#
# Their mean is 0 and their standard deviation 1, so most of them are near 0. The
# method is that of Box and Muller. Two random numbers make a distance and an angle;
# the point they lead to has two coordinates, which are two such numbers.
#
# seed: an integer of 32 bits.
# count: an integer, how many numbers.
# Returns a new vector of numbers. A count below 0 is an error.
sub normal_numbers {
    my ($seed, $count) = @_;

    check_count($count);

    # An odd count leaves the last coordinate unused.
    my $numbers   = random_numbers($seed, $count + $count % 2);
    my $full_turn = 8 * atan2(1, 1);

    my $normals = [];
    for (my $i = 0; $i < $count; $i++) {
        if ($i % 2 == 0) {
            # A random number may be 0, which has no logarithm; 1 minus it may not.
            # 0 - ... and not -2 * ...: the second makes -0.0 of the logarithm of 1.
            my $radius = sqrt(0 - 2 * log(1 - $numbers->[$i]));
            my $angle  = $full_turn * $numbers->[$i + 1];
            push @$normals, $radius * cos($angle);
        } else {
            my $radius = sqrt(0 - 2 * log(1 - $numbers->[$i - 1]));
            my $angle  = $full_turn * $numbers->[$i];
            push @$normals, $radius * sin($angle);
        }
    }

    return $normals;
}

# shuffle: the numbers 0, 1, ..., count - 1 in a random order.
#
# It is the order in which shuffle of List::Util would bring them after srand:
# from the last place to the second, each swaps with one up to itself.
#
# seed: an integer of 32 bits.
# count: an integer, how many numbers.
# Returns a new vector of integers. A count below 0 is an error.
sub shuffle {
    my ($seed, $count) = @_;

    check_count($count);

    my $numbers = random_numbers($seed, $count);

    my $order = [];
    for (my $i = 0; $i < $count; $i++) {
        push @$order, $i;
    }
    for (my $i = $count - 1; $i > 0; $i--) {
        my $j       = int($numbers->[$count - 1 - $i] * ($i + 1));
        my $swapped = $order->[$i];
        $order->[$i] = $order->[$j];
        $order->[$j] = $swapped;
    }

    return $order;
}

1;
