package Acme::Chance;

use strict;
use warnings;

sub dice { my ($sides) = @_; return int(rand($sides)) + 1 }

1;
