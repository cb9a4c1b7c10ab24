"""The judge of the built site: reads every page, opens a sample of them, and says what falls short.

How it works, in order:

1. `site.py` reads the folder: every page is parsed once into the facts the checks ask for.
2. `server.py` serves the folder on a loopback port, gzipped, as a real host would.
3. `tour.py` opens one page of each kind and language in Chromium, on a desk and on a phone, and
   writes down what happened: requests, complaints, shifts, what axe-core objects to.
4. Each file in `checks/` turns the site and those visits into measures and findings.
5. `show.py` prints a table of the measures, then every finding with its page and place.

The exit code is 0 when clean, 1 when there are findings, 2 when a check could not run.
"""
