package org.dl4jgn.testing;

import org.dl4jgn.leastsquares.Residuals;

/** Residuals beside a point, for differences. */
public final class ResidualValues {

    private ResidualValues() {}

    /** r(θ + step·along). */
    public static double[] values(Residuals residuals, double[] theta, double[] along, double step) {
        double[] moved = theta.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += step * along[i];
        }
        double[] r = new double[residuals.count()];
        residuals.values(moved, r);
        return r;
    }
}
