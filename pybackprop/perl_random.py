"""Lesson: Perl's random numbers.

The first weights of a network are random, and so is the order in which it sees
its data. For two languages to train the same network, both must draw the same
random numbers. Perl's srand and rand are a generator with a state of 48 bits
(the C library's drand48, which perl has brought with it since 5.20):

  state = seed * 65536 + 13070, the seed being a number of 32 bits
  state = (state * 25214903917 + 11) modulo 2 to the power of 48, for each number
  number = state / 2 to the power of 48

The Perl side calls srand and rand, the Python side calculates the same. So the
two differ in one function, random_numbers, and only there.

The Perl twin of this file is perl_reference/perl_random.pl.
"""

import math


def check_count(count: int) -> None:
    """Makes sure that a number of random numbers is one.

    count: an integer.
    Returns nothing. A count below 0 is an error.
    Tutorial: not there, what the functions of this lesson need
    """
    if count < 0:
        raise ValueError(f"cannot draw {count} random numbers")


def random_numbers(seed: int, count: int) -> list[float]:
    """The first numbers that Perl's rand gives after srand.

    The sign of the seed makes no difference to srand, nor do all but its last 32
    bits.

    seed: an integer of 64 bits; the same seed gives the same numbers.
    count: an integer, how many numbers.
    Returns a new vector of numbers from 0 up to, but not including, 1. A count
    below 0 is an error.
    Tutorial: not there, Perl's srand and rand
    """
    check_count(count)

    state = (abs(seed) & 0xFFFFFFFF) * 65536 + 0x330E

    numbers = []
    for _ in range(count):
        state = (state * 0x5DEECE66D + 0xB) & 0xFFFFFFFFFFFF
        numbers.append(state / 0x1000000000000)

    return numbers


def normal_deviates(seed: int, count: int) -> list[float]:
    """Random numbers of which most are near 0, as the normal
    distribution wants it: mean 0, standard deviation 1.

    The method is that of Box and Muller. Two random numbers make a distance and an
    angle; the point they lead to has two coordinates, which are two such numbers.

    seed: an integer of 64 bits.
    count: an integer, how many numbers.
    Returns a new vector of numbers. A count below 0 is an error.
    Tutorial: not there, what the first weights of a network need
    """
    check_count(count)

    # An odd count leaves the last coordinate unused.
    numbers = random_numbers(seed, count + count % 2)
    full_turn = 8 * math.atan2(1, 1)

    deviates = []
    for i in range(count):
        if i % 2 == 0:
            # A random number may be 0, which has no logarithm; 1 minus it may not.
            # 0 - ... and not -2 * ...: the second makes -0.0 of the logarithm of 1.
            radius = math.sqrt(0 - 2 * math.log(1 - numbers[i]))
            angle = full_turn * numbers[i + 1]
            deviates.append(radius * math.cos(angle))
        else:
            radius = math.sqrt(0 - 2 * math.log(1 - numbers[i - 1]))
            angle = full_turn * numbers[i]
            deviates.append(radius * math.sin(angle))

    return deviates


def shuffle(seed: int, count: int) -> list[int]:
    """The numbers 0, 1, ..., count - 1 in a random order.

    It is the order in which shuffle of List::Util would bring them after srand:
    from the last place to the second, each swaps with one up to itself.

    seed: an integer of 64 bits.
    count: an integer, how many numbers.
    Returns a new vector of integers. A count below 0 is an error.
    Tutorial: not there, what training in a random order needs
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
