package Acme::Broken;

use strict;
use warnings;
use No::Such::Module;

sub lost { return $_[0] }

1;
