"""What a page shows of its state: each sign looks at one thing and judges, or says nothing."""
