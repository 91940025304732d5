package org.dl4jgn.bench.report;

import java.awt.Color;
import java.util.Map;
import org.dl4jgn.bench.optimizer.Optimizers;

/** One colour for each kind of optimizer, in all pictures; distinct to colour-blind eyes as well (Okabe and Ito). */
final class Colours {

    private static final Map<String, Color> BY_KIND = Map.ofEntries(
            Map.entry("sgn", new Color(0xD55E00)),
            Map.entry("egn", new Color(0x0072B2)),
            Map.entry("adam", new Color(0x009E73)),
            Map.entry("nadam", new Color(0x56B4E9)),
            Map.entry("amsgrad", new Color(0xCC79A7)),
            Map.entry("nesterovs", new Color(0xE69F00)),
            Map.entry("sgd", new Color(0x000000)),
            Map.entry("lbfgs", new Color(0x8A6D3B)),
            Map.entry("lm", new Color(0x882255)),
            Map.entry("hipparchus-lm", new Color(0x777777)),
            Map.entry("torch-lm", new Color(0xEE4C2C)));

    /** Of kinds that are compared seldom. */
    private static final Color OTHER = new Color(0x999999);

    private Colours() {}

    /** One for an optimizer, whatever computes its gradients. */
    static Color of(String kind) {
        return BY_KIND.getOrDefault(Optimizers.family(kind), OTHER);
    }
}
