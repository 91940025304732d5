package org.dl4jgn.optimize;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.dl4jgn.linalg.DeviceMemory;
import org.dl4jgn.problem.RowSpace.SystemOffer;

/**
 * Which system EGN solves: the cheaper of the two factorizations among those that are allowed, else none, which leaves
 * conjugate gradients.
 *
 * <table>
 * <caption>Multiplications, memory and rows</caption>
 * <tr><td>Gram matrix</td><td>(bc)³/3 + (bc)²·Σ nOut over the layers</td><td>8(bc)² bytes</td><td>b·c</td></tr>
 * <tr><td>H itself</td><td>d³/3 + b·c·d²</td><td>8d² bytes</td><td>d</td></tr>
 * </table>
 *
 * <p>A convolution's share of an element of the Gram matrix takes its number of weights in place of nOut. A factorization is
 * allowed if its rows do not exceed a limit and its memory, known beforehand, does not either. None is allowed for a network
 * of which rows of the Jacobian are not formed: with batch normalization, where an output depends on all examples, so that
 * unit cotangents of different examples meet on their way back; with depthwise, separable and transposed convolutions and
 * PReLU.
 *
 * @param rowLimit largest number of rows of a matrix
 * @param byteLimit largest number of bytes of a system
 */
record SystemChoice(long rowLimit, long byteLimit) {

    /**
     * The choice for given limits.
     *
     * @param byteLimit bytes; 0 for half of what arrays may take
     */
    static SystemChoice within(long rowLimit, long byteLimit) {
        return new SystemChoice(rowLimit, byteLimit > 0 ? byteLimit : DeviceMemory.bytes() / 2);
    }

    /**
     * The cheapest allowed system, the first of several, or empty if none is.
     *
     * @param bytes what each takes
     */
    Optional<SystemOffer> choose(List<SystemOffer> systems, ToLongFunction<SystemOffer> bytes) {
        Optional<SystemOffer> best = Optional.empty();
        for (SystemOffer system : systems) {
            boolean allowed = system.size() <= rowLimit && bytes.applyAsLong(system) <= byteLimit;
            if (allowed && (best.isEmpty() || system.work() < best.get().work())) {
                best = Optional.of(system);
            }
        }
        return best;
    }
}
