package org.dl4jgn.bench.study;

import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.rivals.Trainer;
import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.ElementwiseThreads;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Projected momentum with whatever rule is being tried. */
final class Research implements Trainer {

    private static String last = "";

    private final MultiLayerNetwork net;
    private final Map<String, Double> options;
    private final LinearizedNetwork at;
    private final @Nullable LinearizedNetwork part;
    private final INDArray base;
    private final INDArray before;
    private final INDArray iterate;
    private final INDArray average;
    private final INDArray delta;
    private final INDArray previous;
    private final INDArray residual;
    private final INDArray p;
    private final INDArray shifted;
    private final INDArray pShifted;
    private final INDArray sensitivity;
    private final int total;

    private final double mu;
    private final double lambda0;
    private final double share;
    private final int k;
    private double eta;
    private double lambda = 1; // factor
    private double unit;
    private double promised;
    private boolean warm;
    private long steps;
    private double actualSum;
    private double promisedSum;
    private double trial = 1;
    private double ma;
    private double va;
    private double ml;
    private double vl;
    private double slopeOwn;
    private double curveOwn;
    private int shrinks;
    private double quality;
    private double ownRatio = 1;
    private double ownSum;
    private double kNow;
    private double clip;
    private double scale = 1;
    private int backs;
    private double deltaNorm;
    private double thetaNorm;

    static String lastState() {
        return last;
    }

    Research(MultiLayerNetwork net, Map<String, Double> options, int total) {
        this.net = net;
        this.options = options;
        this.total = total;
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            at = new LinearizedNetwork(net);
            share = get("sub", 1);
            part = share < 1 ? new LinearizedNetwork(net) : null;
        }
        base = at.newVector();
        before = at.newVector();
        iterate = at.newVector();
        average = at.newVector();
        delta = at.newVector();
        previous = at.newVector();
        residual = at.newVector();
        p = at.newVector();
        shifted = at.newVector();
        pShifted = at.newVector();
        sensitivity = at.newVector();
        mu = get("mu", 0.9);
        eta = get("eta", 0.1);
        lambda0 = get("lam", 0.05);
        k = (int) get("k", 10);
        kNow = k;
        clip = get("clip", 0.01);
    }

    private double get(String name, double otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    private boolean is(String name) {
        return get(name, 0) != 0;
    }

    @Override
    public MultiLayerNetwork network() {
        return net;
    }

    @Override
    public void fit(DataSet batch) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            step(batch);
        }
    }

    private void step(DataSet batch) {
        INDArray x = batch.getFeatures();
        INDArray y = batch.getLabels();
        at.setBatch(x, y, null);
        at.draw(0, 0);
        try (ElementwiseThreads ignored = at.threads()) {
            if (is("avg") && steps > 0) {
                Vectors.copy(iterate, at.theta());
            } else {
                at.readParameters();
                Vectors.copy(at.theta(), average);
            }
            Vectors.copy(at.theta(), base);
            double actual = Double.NaN;
            if (is("val") && promised > 0) {
                Vectors.copy(before, at.theta());
                actual = at.evaluate();
                Vectors.copy(base, at.theta());
            }
            double loss = at.evaluate();
            double old = actual;
            actual -= loss;
            boolean back = is("back") && promised > 0 && !(loss <= (1 + get("back", 0.2)) * old);
            if (back) {
                Vectors.copy(before, base);
                Vectors.copy(base, at.theta());
                loss = at.evaluate();
                backs++;
            }
            INDArray g = at.linearize();
            if (!Double.isFinite(loss)) {
                throw new IllegalStateException("diverged");
            }
            learn(actual, g);
            if (back) {
                warm = false;
                scale *= get("bs", 0.5);
            }
            double lr = eta;
            if (is("cos")) {
                lr *= 0.5 * (1 + Math.cos(Math.PI * steps / total));
            }
            LinearizedNetwork curved = at;
            if (part != null) {
                int b = (int) x.size(0);
                int n = (int) Math.max(1, b * share);
                int from = (int) (steps * n % (b - n + 1));
                part.setBatch(
                        x.get(NDArrayIndex.interval(from, from + n), NDArrayIndex.all())
                                .dup(),
                        y.get(NDArrayIndex.interval(from, from + n), NDArrayIndex.all())
                                .dup(),
                        null);
                part.draw(0, 0);
                Vectors.copy(base, part.theta());
                part.evaluate();
                part.linearize();
                curved = part;
            }
            double damping = solve(curved, g);
            double slope = Vectors.dot(g, delta);
            // HΔ = −g + λμΔ' − s − λΔ with s the negative residual of conjugate gradients
            double dd = Vectors.dot(delta, delta);
            double curvature =
                    -slope + damping * mu * Vectors.dot(previous, delta) - Vectors.dot(residual, delta) - damping * dd;
            search(loss, lr, slope, curvature, dd);
            slopeOwn = slope;
            curveOwn = curvature;
            Vectors.copy(base, before);
            promised = -(trial * slope + 0.5 * trial * trial * curvature);
            Vectors.copy(delta, previous);
            warm = true;
            steps++;
            if (is("avg")) {
                double r = get("avg", 8);
                double w = (r + 1) / (steps + r);
                Vectors.copy(at.theta(), iterate);
                Vectors.scale(1 - w, average);
                Vectors.axpy(w, iterate, average);
                Vectors.copy(average, at.theta());
            }
            at.writeParameters();
            net.setScore(loss);
            last = String.format(
                    Locale.ROOT,
                    "t=%.3g c=%.3g s=%.3g lam=%.3g unit=%.3g damping=%.3g q=%.2f shr=%d/%d/%d z=%.2f/%.2f k=%.1f",
                    trial,
                    clip,
                    scale,
                    lambda,
                    unit,
                    damping,
                    quality,
                    shrinks,
                    backs,
                    steps,
                    ma / Math.sqrt(va + 1e-300),
                    ml / Math.sqrt(vl + 1e-300),
                    kNow);
        }
    }

    /** What the last step did for this mini-batch, before its own step. */
    private void learn(double actual, INDArray g) {
        if (!warm) {
            return;
        }
        double memory = get("mem", 0.9);
        // rule of signals: the slope of this mini-batch's loss along the last step, and along a change of log λ
        if (is("zeta")) {
            double s = -Vectors.dot(g, previous) / norm();
            ma = memory * ma + (1 - memory) * s;
            va = memory * va + (1 - memory) * s * s;
            double z = va > 0 ? ma / Math.sqrt(va) : 0;
            double factor = Math.exp(get("zeta", 0.1) * (z - get("zt", 0)));
            if (is("clip")) {
                clip = clamp(
                        factor < 1 ? Math.min(clip, trial * deltaNorm / thetaNorm) * factor : clip * factor,
                        get("cmin", 1e-3),
                        get("cmax", 0.3));
            } else {
                eta = clamp(eta * factor, get("emin", 0.01), get("emax", 1));
            }
        }
        if (is("zlam")) {
            double s = Vectors.dot(g, sensitivity) / norm();
            double m2 = get("meml", memory);
            ml = m2 * ml + (1 - m2) * s;
            vl = m2 * vl + (1 - m2) * s * s;
            double z = vl > 0 ? ml / Math.sqrt(vl) : 0;
            lambda = clamp(
                    lambda * Math.exp(-get("zlam", 0.1) * (z - get("ztl", 0))), get("lmin", 1e-4), get("lmax", 1e4));
        }
        if (is("val") && Double.isFinite(actual) && promised > 0) {
            actualSum = memory * actualSum + actual;
            promisedSum = memory * promisedSum + promised;
            quality = actualSum / promisedSum;
            double up = get("up", 1.05);
            if (is("vlam")) {
                if (quality > get("hi", 0.3)) {
                    lambda = clamp(lambda / up, get("lmin", 1e-4), get("lmax", 1e4));
                } else if (quality < get("lo", 0.1)) {
                    lambda = clamp(lambda * up, get("lmin", 1e-4), get("lmax", 1e4));
                }
            }
            if (is("one")) {
                double change = Math.exp(get("one", 0.2) * clamp(quality - get("qt", 0.1), -1, 1));
                scale = clamp(scale * change, get("smin", 0.3), get("smax", 30));
                double c0 = get("clip", 0.01);
                clip = c0 * scale;
                double above = is("nodown") ? Math.max(1, scale) : scale;
                lambda = Math.pow(above, -get("lp", 1));
                eta = Math.min(1, get("eta", 0.3) * Math.pow(above, get("ep", 0.35)));
                kNow = clamp(Math.round(k * Math.pow(above, get("kp", 0.35))), 2, 15);
            }
            if (is("vq")) {
                double change = Math.exp(get("vq", 0.1) * clamp(quality - get("qt", 0.05), -1, 1));
                double now = change < 1 ? Math.min(clip, trial * deltaNorm / thetaNorm) : clip;
                clip = clamp(now * change, get("cmin", 1e-4), get("cmax", 0.3));
            }
            if (is("vc")) {
                if (quality > get("ehi", 0.3)) {
                    clip = clamp(clip * get("vc", 1.05), get("cmin", 1e-3), get("cmax", 0.3));
                } else if (quality < get("elo", 0.1)) {
                    clip = clamp(
                            Math.min(clip, trial * deltaNorm / thetaNorm) / get("vc", 1.05),
                            get("cmin", 1e-3),
                            get("cmax", 0.3));
                }
            }
            if (is("veta")) {
                if (quality > get("ehi", 0.6)) {
                    eta = clamp(eta * up, get("emin", 0.1), get("emax", 1));
                } else if (quality < get("elo", 0.2)) {
                    eta = clamp(eta / up, get("emin", 0.1), get("emax", 1));
                }
            }
        }
    }

    private double norm() {
        return is("rel") ? Math.abs(slopeOwn) : 1;
    }

    private static double clamp(double x, double low, double high) {
        return Math.max(low, Math.min(high, x));
    }

    /** Δ by conjugate gradients from μΔ'; returns λ. */
    private double solve(LinearizedNetwork curved, INDArray g) {
        LinearOperator h = curved.gaussNewton();
        Vectors.copy(g, residual);
        if (warm) {
            Vectors.copy(previous, h.input());
            h.apply();
            Vectors.axpy(mu, h.output(), residual);
        }
        Vectors.scale(-1, residual);
        Vectors.copy(residual, p);
        double rr = Vectors.dot(residual, residual);
        Vectors.copy(p, h.input());
        h.apply();
        double quotient = Vectors.dot(p, h.output()) / rr;
        double fresh = is("quot") ? quotient : at.lossCurvature();
        unit = warm ? get("umem", 0.9) * unit + (1 - get("umem", 0.9)) * fresh : fresh;
        double damping = lambda0 * lambda * unit;
        double shift = 0.5 * damping;
        delta.assign(0);
        boolean sensitive = is("zlam");
        if (sensitive) {
            shifted.assign(0);
            Vectors.copy(residual, pShifted);
        }
        double zetaOld = 1;
        double zeta = 1;
        double alphaOld = 1;
        double beta = 0;
        int iterations = (int) kNow;
        for (int i = 0; i < iterations && rr > 1e-30; i++) {
            if (i > 0) {
                Vectors.copy(p, h.input());
                h.apply();
            }
            INDArray hp = h.output();
            double php = Vectors.dot(p, hp) + damping * Vectors.dot(p, p);
            if (!(php > 0)) {
                break;
            }
            double alpha = rr / php;
            Vectors.axpy(alpha, p, delta);
            Vectors.axpy(-alpha, hp, residual);
            Vectors.axpy(-alpha * damping, p, residual);
            double next = Vectors.dot(residual, residual);
            double zetaNew = zeta
                    * zetaOld
                    * alphaOld
                    / (alpha * beta * (zetaOld - zeta) + zetaOld * alphaOld * (1 + shift * alpha));
            if (sensitive) {
                Vectors.axpy(alpha * zetaNew / zeta, pShifted, shifted);
            }
            beta = next / rr;
            Vectors.scale(beta, p);
            Vectors.axpy(1, residual, p);
            if (sensitive) {
                Vectors.scale(beta * (zetaNew / zeta) * (zetaNew / zeta), pShifted);
                Vectors.axpy(zetaNew, residual, pShifted);
            }
            zetaOld = zeta;
            zeta = zetaNew;
            alphaOld = alpha;
            rr = next;
            if (is("tol") && rr < get("tol", 0) * get("tol", 0) * Vectors.dot(g, g)) {
                break;
            }
        }
        if (sensitive) {
            Vectors.copy(shifted, sensitivity);
            Vectors.axpy(-1, delta, sensitivity);
            Vectors.scale(1 / Math.log(1.5), sensitivity);
        }
        if (warm) {
            Vectors.axpy(mu, previous, delta);
        }
        return damping;
    }

    /** Moves θ. */
    private void search(double loss, double lr, double slope, double curvature, double dd) {
        trial = lr;
        deltaNorm = Math.sqrt(dd);
        thetaNorm = Math.max(1e-3, Vectors.norm2(base));
        if (is("clip")) {
            double limit = clip * Math.max(1e-3, Vectors.norm2(base));
            trial = Math.min(trial, limit / Math.sqrt(dd));
        }
        for (int i = 0; ; i++) {
            double there = is("ls") ? at.evaluateAt(base, trial, delta) : 0;
            if (!is("ls")) {
                Vectors.copy(base, at.theta());
                Vectors.axpy(trial, delta, at.theta());
                return;
            }
            double model = trial * slope + 0.5 * trial * trial * curvature;
            if (i == 0) {
                ownRatio = (there - loss) / model;
            }
            double allowed = loss + (is("slack") ? get("slack", 0.01) * loss : 1e-4 * trial * slope);
            if (there <= allowed || i == 10 && Double.isFinite(there)) {
                return;
            }
            if (i >= 10) {
                trial = 0;
                Vectors.copy(base, at.theta());
                return;
            }
            if (i == 0) {
                shrinks++;
                if (is("lsl")) {
                    lambda *= get("lsl", 1);
                }
            }
            trial *= 0.5;
        }
    }
}
