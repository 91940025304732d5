package org.dl4jgn.bench.soak;

import java.io.PrintWriter;
import java.util.Locale;
import org.deeplearning4j.nn.api.Model;
import org.dl4jgn.GaussNewton;

/** Very many steps in float: the parameters have to be finite all the way, and no step may throw. */
public record ManySteps(int steps) {

    private static final int EVERY = 50;
    private static final int BATCHES = 40;

    /** Checks the number. */
    public ManySteps {
        if (steps < 1) {
            throw new IllegalArgumentException("--steps is " + steps + ", but must be at least 1");
        }
    }

    /** Takes them; says whether all was well. */
    public boolean of(SoakNetwork kind, PrintWriter out) {
        Model net = kind.fresh();
        double first = Double.NaN;
        String wrong = "";
        int step = 0;
        try {
            for (; step < steps && wrong.isEmpty(); step++) {
                SoakNetwork.fit(net, kind.batch(step % BATCHES));
                first = step == 0 ? net.score() : first;
                boolean isFinite = Double.isFinite(net.score())
                        && (step % EVERY != 0
                                || Double.isFinite(net.params().sumNumber().doubleValue()));
                wrong = isFinite ? "" : "a number that is not finite, " + GaussNewton.report(net);
            }
        } catch (RuntimeException e) {
            wrong = e.toString();
        }
        out.printf(
                Locale.ROOT,
                "%-14s %d steps, loss %.4g to %.4g: %s%n",
                kind,
                step,
                first,
                net.score(),
                wrong.isEmpty() ? "PASS" : "FAIL, " + wrong);
        out.flush();
        return wrong.isEmpty();
    }
}
