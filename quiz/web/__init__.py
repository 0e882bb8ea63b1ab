"""What all pages share: who asks, forms, errors, headers, words, languages."""
