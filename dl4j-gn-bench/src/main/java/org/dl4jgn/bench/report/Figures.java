package org.dl4jgn.bench.report;

import java.util.Locale;

/** Numbers as text. */
final class Figures {

    private Figures() {}

    /** Three digits; nothing where there is no number. */
    static String three(double x) {
        return Double.isFinite(x) ? String.format(Locale.ROOT, "%.3g", x) : "–";
    }

    static String seconds(double x) {
        return Double.isFinite(x) ? String.format(Locale.ROOT, x < 10 ? "%.2f" : "%.0f", x) : "–";
    }

    static String epochs(double x) {
        return Double.isFinite(x) ? String.format(Locale.ROOT, x < 10 && x != Math.rint(x) ? "%.2f" : "%.0f", x) : "–";
    }

    static String times(double x) {
        return Double.isFinite(x) ? String.format(Locale.ROOT, "%.2g", x) + "×" : "–";
    }
}
