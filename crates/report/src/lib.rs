//! From results to captions, sentences, tables and pages, in English and Japanese.
