fcopy stdin stdout
