"""Lesson: Perl's random numbers.

The first weights of a network are random, and so is the order in which it sees
its data. For two languages to train the same network, both must draw the same
random numbers. Perl's srand and rand are a generator with a state of 48 bits
(the C library's drand48, which perl has brought with it since 5.20):

  state = seed * 65536 + 13070, the seed being a number of 32 bits
  state = (state * 25214903917 + 11) % 2**48, for each number
  number = state / 2**48

The Perl side calls srand and rand, the Python side calculates the same. So the
two differ in one function, random_numbers, and only there.

Nothing of this lesson is in the tutorial.

The Perl twin of this file is perl_reference/perl_random.pl.
"""

import math


def check_count(count: int) -> None:
    """Makes sure that so many random numbers can be drawn.

    count: an integer.
    Returns nothing. A count below 0 is an error.
    """
    if count < 0:
        raise ValueError(f"cannot draw {count} random numbers")


def random_numbers(seed: int, count: int) -> list[float]:
    """The first numbers that Perl's rand gives after srand.

    The same seed gives the same numbers. Of an integer beyond 32 bits srand takes the
    last 32, and it ignores the sign.

    seed: an integer of 32 bits.
    count: an integer, how many numbers.
    Returns a new vector of numbers from 0 up to, but not including, 1. A count
    below 0 is an error.
    """
    check_count(count)

    state = abs(seed) % 2**32 * 65536 + 13070

    numbers = []
    for _ in range(count):
        state = (state * 25214903917 + 11) % 2**48
        numbers.append(state / 2**48)

    return numbers


def normal_numbers(seed: int, count: int) -> list[float]:
    """Random numbers from the normal distribution.

    Their mean is 0 and their standard deviation 1, so most of them are near 0. The
    method is that of Box and Muller. Two random numbers make a distance and an angle;
    the point they lead to has two coordinates, which are two such numbers.

    seed: an integer of 32 bits.
    count: an integer, how many numbers.
    Returns a new vector of numbers. A count below 0 is an error.
    """
    check_count(count)

    # An odd count leaves the last coordinate unused.
    numbers = random_numbers(seed, count + count % 2)
    full_turn = 8 * math.atan2(1, 1)

    normals = []
    for i in range(count):
        if i % 2 == 0:
            # A random number may be 0, which has no logarithm; 1 minus it may not.
            # 0 - ... and not -2 * ...: the second makes -0.0 of the logarithm of 1.
            radius = math.sqrt(0 - 2 * math.log(1 - numbers[i]))
            angle = full_turn * numbers[i + 1]
            normals.append(radius * math.cos(angle))
        else:
            radius = math.sqrt(0 - 2 * math.log(1 - numbers[i - 1]))
            angle = full_turn * numbers[i]
            normals.append(radius * math.sin(angle))

    return normals


def shuffle(seed: int, count: int) -> list[int]:
    """The numbers 0, 1, ..., count - 1 in a random order.

    It is the order in which shuffle of List::Util would bring them after srand:
    from the last place to the second, each swaps with one up to itself.

    seed: an integer of 32 bits.
    count: an integer, how many numbers.
    Returns a new vector of integers. A count below 0 is an error.
    """
    check_count(count)

    numbers = random_numbers(seed, count)

    order = []
    for i in range(count):
        order.append(i)
    for i in range(count - 1, 0, -1):
        j = int(numbers[count - 1 - i] * (i + 1))
        swapped = order[i]
        order[i] = order[j]
        order[j] = swapped

    return order
