"""Reports: results in, text for a terminal, a pull request, a spreadsheet, a program or a build log out."""
