package org.dl4jgn.bench.rivals;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The inverse Hessian of limited-memory BFGS: the last m pairs (s, y) with sᵀy > 0, applied by the two-loop recursion
 * (Nocedal and Wright, algorithm 7.4) to H₀ = γI, where γ is the mean of sᵀy / yᵀy over the pairs, which averages the
 * noise of mini-batches (Schraudolph et al. 2007, section 3.2).
 *
 * <p>Vectors are [d]; memory 2m vectors; a product costs 4m dot products or additions.
 */
final class CurvaturePairs {

    private final int memory;
    private final Deque<Pair> pairs = new ArrayDeque<>(); // the newest first

    /** @param memory m, at least 1 */
    CurvaturePairs(int memory) {
        this.memory = memory;
    }

    private record Pair(INDArray s, INDArray y, double sy, double gamma) {}

    /** Whether there is no pair yet. */
    boolean isEmpty() {
        return pairs.isEmpty();
    }

    /** Takes a pair, which is not copied, and forgets the oldest; not one that would make H indefinite or not finite. */
    void add(INDArray s, INDArray y) {
        double sy = dot(s, y);
        double gamma = sy / dot(y, y);
        if (!(sy > 0) || !(gamma > 0) || !Double.isFinite(sy / gamma) || !Double.isFinite(1 / sy)) {
            return;
        }
        pairs.addFirst(new Pair(s, y, sy, gamma));
        if (pairs.size() > memory) {
            pairs.removeLast();
        }
    }

    /** H₀'s factor: the identity without pairs. */
    double gamma() {
        return pairs.stream().mapToDouble(Pair::gamma).average().orElse(1);
    }

    /** Hg, a new array. */
    INDArray times(INDArray g) {
        INDArray q = g.dup();
        double[] alpha = new double[pairs.size()];
        int i = 0;
        for (Pair pair : pairs) {
            alpha[i] = dot(pair.s, q) / pair.sy;
            q.subi(pair.y.mul(alpha[i]));
            i++;
        }
        q.muli(gamma());
        for (Iterator<Pair> oldestFirst = pairs.descendingIterator(); oldestFirst.hasNext(); ) {
            Pair pair = oldestFirst.next();
            i--;
            q.addi(pair.s.mul(alpha[i] - dot(pair.y, q) / pair.sy));
        }
        return q;
    }

    static double dot(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }
}
