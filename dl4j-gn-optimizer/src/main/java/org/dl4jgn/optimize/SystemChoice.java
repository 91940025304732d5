package org.dl4jgn.optimize;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.dl4jgn.linalg.DeviceMemory;
import org.dl4jgn.problem.RowSpace.SystemOffer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Which system EGN solves: the cheapest of the factorizations on offer that are allowed, else none, which leaves
 * conjugate gradients.
 *
 * <table>
 * <caption>Multiplications, memory and rows</caption>
 * <tr><td>Gram matrix</td><td>(bc)³/3 + (bc)²·Σ nOut over the layers</td><td>8(bc)² bytes</td><td>b·c</td></tr>
 * <tr><td>H itself</td><td>d³/3 + b·c·d²</td><td>8d² bytes</td><td>d</td></tr>
 * </table>
 *
 * <p>A convolution's share of an element of the Gram matrix takes its number of weights in place of nOut. A factorization is
 * allowed if its rows do not exceed a limit and its memory, known beforehand, does not either. None is on offer for a network
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
     * The allowed system that takes the fewest multiplications, the first of them if there are several; empty if none is
     * allowed.
     *
     * @param type the type that each would be factored in
     */
    Optional<SystemOffer> choose(List<SystemOffer> offers, Function<SystemOffer, DataType> type) {
        SystemOffer cheapest = null;
        for (SystemOffer offer : offers) {
            boolean isAllowed = offer.size() <= rowLimit && offer.bytes(type.apply(offer)) <= byteLimit;
            if (isAllowed && (cheapest == null || offer.work() < cheapest.work())) {
                cheapest = offer;
            }
        }
        return Optional.ofNullable(cheapest);
    }
}
