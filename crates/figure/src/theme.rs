/// A colour as red, green and blue.
pub type Rgb = (u8, u8, u8);

/// Colours, type sizes and line widths.
///
/// Lengths are pixels of a picture 1600 wide and 1200 high; a picture of another width is the same
/// layout, scaled. The default follows the Okabe–Ito palette, which readers with any common
/// colour vision can tell apart; groups differ in shape as well.
///
/// # References
/// Okabe & Ito (2008), Color Universal Design.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Width of the PNG in pixels; the height is three quarters of it.
    pub width: u32,
    /// Paper.
    pub background: Rgb,
    /// Grid lines.
    pub grid: Rgb,
    /// Lines that matter: zero, bounds.
    pub axis: Rgb,
    /// Titles, ticks, labels.
    pub text: Rgb,
    /// Notes and everything said quietly.
    pub secondary: Rgb,
    /// First data colour.
    pub blue: Rgb,
    /// Second data colour.
    pub vermilion: Rgb,
    /// Third data colour.
    pub green: Rgb,
    /// Fourth data colour.
    pub purple: Rgb,
    /// Colour of marks.
    pub orange: Rgb,
    /// Light data colour.
    pub sky: Rgb,
    /// Title.
    pub title_size: f64,
    /// Subtitle.
    pub subtitle_size: f64,
    /// Axis titles.
    pub axis_title_size: f64,
    /// Ticks and direct labels.
    pub label_size: f64,
    /// Notes: the smallest type of a picture.
    pub note_size: f64,
    /// Radius of a point.
    pub point_radius: f64,
    /// Opacity of a point.
    pub point_opacity: f64,
    /// Opacity of a confidence band.
    pub band_opacity: f64,
    /// Opacity of a prediction band.
    pub prediction_opacity: f64,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            width: 1600,
            background: (255, 255, 255),
            grid: (229, 231, 235),
            axis: (156, 163, 175),
            text: (31, 41, 55),
            secondary: (107, 114, 128),
            blue: (0, 114, 178),
            vermilion: (213, 94, 0),
            green: (0, 158, 115),
            purple: (204, 121, 167),
            orange: (230, 159, 0),
            sky: (86, 180, 233),
            title_size: 46.0,
            subtitle_size: 32.0,
            axis_title_size: 30.0,
            label_size: 26.0,
            note_size: 22.0,
            point_radius: 9.0,
            point_opacity: 0.55,
            band_opacity: 0.18,
            prediction_opacity: 0.08,
        }
    }
}

impl Theme {
    /// The colour of series `index`.
    pub(crate) fn series(&self, index: usize) -> Rgb {
        [self.blue, self.vermilion, self.green, self.purple, self.orange, self.sky][index % 6]
    }
}

/// A colour between white and `full`; `share` 0 is white.
pub(crate) fn tint(full: Rgb, share: f64) -> Rgb {
    let mix = |c: u8| (255.0 + (f64::from(c) - 255.0) * share.clamp(0.0, 1.0)).round() as u8;
    (mix(full.0), mix(full.1), mix(full.2))
}

/// Relative luminance (WCAG 2), from 0 for black to 1 for white.
pub(crate) fn luminance(colour: Rgb) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
}
