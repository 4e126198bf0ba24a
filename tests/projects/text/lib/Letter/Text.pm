package Letter::Text;

use strict;
use warnings;
use feature 'unicode_strings';

use Exporter 'import';
our @EXPORT_OK = qw(trim wrap words);

# trim: without the space around it.
sub trim {
    my ($text) = @_;

    $text =~ s/^\s+//;
    $text =~ s/\s+$//;

    return $text;
}

# words: the words of a text; the space before the first one makes none.
sub words {
    my ($text) = @_;

    return [split ' ', $text];
}

# wrap: words in lines of at most so many characters, where no word is longer.
sub wrap {
    my ($text, $width) = @_;

    my @lines;
    for my $word (@{words($text)}) {
        if (@lines && length("$lines[-1] $word") <= $width) {
            $lines[-1] .= " $word";
        }
        else {
            push @lines, $word;
        }
    }

    return join "\n", @lines;
}

# counts: how often each word stands in a text, without regard to case.
sub counts {
    my ($text) = @_;

    my %count;
    $count{lc $_}++ for @{words($text)};

    return \%count;
}

# fields: the fields of a line; empty ones at its end are left off.
sub fields {
    my ($line) = @_;

    return [split /,/, $line];
}

# fill: a text with each {NAME} replaced by its value, where there is one.
sub fill {
    my ($text, $values) = @_;

    $text =~ s/\{(\w+)\}/exists $values->{$1} ? $values->{$1} : "{$1}"/ge;

    return $text;
}

# roman: a number up to 3999 in Roman numerals.
sub roman {
    my ($number) = @_;

    my $text  = '';
    my @signs = (M => 1000, CM => 900, D => 500, CD => 400, C => 100, XC => 90, L => 50,
        XL => 40, X => 10, IX => 9, V => 5, IV => 4, I => 1);
    while (@signs) {
        my ($sign, $value) = splice @signs, 0, 2;
        while ($number >= $value) {
            $text .= $sign;
            $number -= $value;
        }
    }

    return $text;
}

# share: a part of a whole as a percentage, or a dash.
sub share {
    my ($part, $whole) = @_;

    return '-' if !$whole;

    return sprintf '%.1f%%', 100 * $part / $whole;
}

# last_letters: the end of a word.
sub last_letters {
    my ($word, $count) = @_;

    return $count > 0 ? substr($word, -$count) || '' : '';
}

# sorted: texts in the order of their characters.
sub sorted {
    my ($texts) = @_;

    return [sort @{$texts}];
}

1;
