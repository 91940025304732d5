package org.dl4jgn.leastsquares;

/** r and, below it, √μ θ: ‖r‖² + μ‖θ‖² as a sum of squares. */
final class RidgeResiduals implements Residuals {

    private final Residuals data;
    private final int m;
    private final int n;
    private double root;

    RidgeResiduals(Residuals data, double mu) {
        this.data = data;
        m = data.count();
        n = data.parameters();
        setMu(mu);
    }

    void setMu(double mu) {
        root = Math.sqrt(mu);
    }

    @Override
    public int count() {
        return m + n;
    }

    @Override
    public int parameters() {
        return n;
    }

    @Override
    public void values(double[] theta, double[] r) {
        double[] part = new double[m];
        data.values(theta, part);
        System.arraycopy(part, 0, r, 0, m);
        for (int i = 0; i < n; i++) {
            r[m + i] = root * theta[i];
        }
    }

    @Override
    public void jacobian(double[] theta, double[] j, int rows) {
        data.jacobian(theta, j, rows);
        for (int i = 0; i < n; i++) {
            j[i * rows + m + i] = root;
        }
    }

    @Override
    public boolean hasCurvature() {
        return data.hasCurvature();
    }

    @Override
    public void curvature(double[] theta, double[] v, double[] second) {
        double[] part = new double[m];
        data.curvature(theta, v, part);
        System.arraycopy(part, 0, second, 0, m);
        for (int i = 0; i < n; i++) {
            second[m + i] = 0;
        }
    }

    @Override
    public double magnitude() {
        return data.magnitude();
    }

    @Override
    public double leastScale() {
        return data.leastScale();
    }

    @Override
    public double initialDamping() {
        return data.initialDamping();
    }
}
