"""`gridbot evaluate`: how well labelled lines and whole labelled conversations are understood."""
