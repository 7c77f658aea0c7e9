"""What folders of records share: how they are found and loaded, and how names are compared."""
