"""Everything that makes the embedded model: pictures, captions, networks, training and checks. Start at README.md."""
