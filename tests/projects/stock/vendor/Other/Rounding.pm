package Other::Rounding;

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(half);

sub half { return $_[0] / 2 }

1;
