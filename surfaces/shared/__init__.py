"""What several surfaces share: their record, example columns, tables read from files, splines."""
