//! From drawing nouns and a caption to SVG and PNG bytes.
