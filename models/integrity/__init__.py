"""What must hold in a database that only this program wrote: looked at row by row, never changed."""
