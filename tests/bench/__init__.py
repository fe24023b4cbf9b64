"""What this program does beside what one would write or pick instead, measured in one run (`make bench`)."""
