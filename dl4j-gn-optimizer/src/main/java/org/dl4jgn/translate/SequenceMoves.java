package org.dl4jgn.translate;

import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.Pick;
import org.dl4jgn.ops.Scatter;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Sequences whose elements are moved, and their masks with them. */
final class SequenceMoves {

    private SequenceMoves() {}

    /** The last step first; vectors as they are. */
    static Activations reversed(Activations x) {
        if (x.spatialRank() == 0) {
            return x;
        }
        long steps = x.shape()[0];
        Activations moved = x.moved(() -> reversal(steps, x.channels()), x.shape());
        SDVariable mask = x.mask();
        if (mask == null || x.isOutline()) {
            return moved;
        }
        long rows = x.batch() * steps;
        SDVariable other = Pick.of(x.graph(), mask, reversal(steps, 1), new long[] {rows, 1}, rows, 1);
        return moved.of(new Sequences(
                x.sequences().folded(),
                x.sequences().ofSteps(),
                other,
                x.sequences().obeyed()));
    }

    private static IndexMap reversal(long steps, long channels) {
        int c = (int) channels;
        int[] sources = new int[Math.toIntExact(steps * channels)];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = ((int) steps - 1 - i / c) * c + i % c;
        }
        return IndexMap.of(sources, sources.length);
    }

    /** The channels of two, those of the first before those of the second. */
    static SDVariable concatenated(Activations a, Activations b) {
        if (a.isOutline()) {
            return a.variable();
        }
        long width = a.channels() + b.channels();
        return widened(a, 0, width).add(widened(b, a.channels(), width));
    }

    private static SDVariable widened(Activations x, long before, long width) {
        int[] sources = new int[Math.toIntExact(x.positions() * width)];
        for (int i = 0; i < sources.length; i++) {
            long channel = i % width - before;
            sources[i] =
                    channel < 0 || channel >= x.channels() ? IndexMap.NONE : (int) (i / width * x.channels() + channel);
        }
        return x.picked(() -> IndexMap.of(sources, x.length()), x.batch() * x.positions(), width);
    }

    /** Element after element in another shape. */
    static SDVariable reshaped(SameDiff graph, SDVariable x, long length, long[] from, long... to) {
        return Pick.of(graph, x, IndexMap.identity(length), from, to);
    }

    /** The step of each example that is the last one there, as vectors. */
    static Activations last(Activations x) {
        long steps = x.shape()[0];
        long c = x.channels();
        @Nullable SDVariable mask = x.mask();
        Activations chosen = x;
        if (mask != null && !x.isOutline()) {
            long[] column = {x.batch() * steps, 1};
            long[] rows = {x.batch(), steps};
            SDVariable flags = reshaped(x.graph(), mask, steps, column, rows);
            // flags that come later, counted
            SDVariable later = x.graph().cumsum(flags, true, true, 1);
            SDVariable isLast = flags.mul(x.graph().nn().relu(later.rsub(1.0), 0.0));
            chosen = x.with(x.variable().mul(x.acrossChannels(reshaped(x.graph(), isLast, steps, rows, column))));
            return summed(chosen);
        }
        return chosen.moved(
                        () -> {
                            int[] sources = new int[(int) c];
                            for (int i = 0; i < c; i++) {
                                sources[i] = (int) ((steps - 1) * c) + i;
                            }
                            return IndexMap.of(sources, steps * c);
                        },
                        c)
                .of(x.sequences().masked(null))
                .renamed(true);
    }

    /** The sum over all steps, as vectors. */
    static Activations summed(Activations x) {
        long c = x.channels();
        if (x.isOutline()) {
            return x.with(x.variable(), c).of(x.sequences().masked(null));
        }
        long steps = x.positions();
        int[] sources = new int[Math.toIntExact(steps * c)];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = (int) (i % c);
        }
        SDVariable sum = Scatter.of(x.graph(), x.variable(), IndexMap.of(sources, c), x.matrixShape(), x.batch(), c);
        return x.with(sum, c).of(x.sequences().masked(null)).renamed(true);
    }
}
