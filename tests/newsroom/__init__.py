"""Made-up publishers with articles of our own words, served over HTTP on loopback for the demo and the tests."""
