"""A matter changes hands: up (上报), over (转派), together (联办), and by which of the six ways it was handled."""
