package org.dl4jgn.problem;

import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The data's part of H as a product of rows, (1/N)RᵀR with R = SᵀJ and Q = SSᵀ, at a point: what exact systems are formed
 * of. Nothing is computed before a system is opened.
 */
public interface RowSpace {

    /** The ways to solve (H + λI)Δ = −g exactly that there are, each with its cost. */
    List<SystemOffer> systems();

    /** Multiplications of one product with H, to weigh a system's work against. */
    double productWork();

    /**
     * These rows with ½θᵀDθ added to the loss.
     *
     * @return empty if the systems cannot take this D: their rows are formed of parts of the parameters within each of which it
     *     has to be constant, and it can be added once only
     */
    Optional<RowSpace> with(Penalty penalty, INDArray theta);

    /** The ways to have the rows and their Gram matrices, for iterations within the space that they span; none where there is no such form of them. */
    default List<GramOffer> grams() {
        return List.of();
    }

    /** One way to have the rows and their Gram matrices, before anything is computed. */
    interface GramOffer {

        /** n, the rows. */
        long size();

        /** The parts of the parameters on each of which D is constant: as many Gram matrices. */
        int parts();

        /** Multiplications that come once a point; passes over memory count as the ones that take their time. */
        double work();

        /** Multiplications of a product with the Gram matrices of all parts. */
        double productWork();

        /** Bytes that it takes, an upper bound. */
        long bytes();

        /** The same rows for the gradient of other examples, which they do not span: without a {@link RowGram#preimage}. */
        GramOffer withAnotherGradient();

        /**
         * Forms the rows at this point; the same call at the next point finds its buffers kept.
         *
         * @param limit bytes that all systems kept may take together; the others are freed if they would not fit
         * @return the rows, valid as long as the point is; their owner is the problem
         */
        RowGram open(long limit);
    }

    /** One way to solve the system. */
    interface SystemOffer {

        /** Its name, for reports. */
        String name();

        /** Rows of the matrix that is factored. */
        long size();

        /** Multiplications to form and factor the matrix once; passes over memory count as the ones that take their time. */
        double work();

        /** Bytes that it takes, an upper bound. */
        long bytes(DataType type);

        /**
         * The same way with a system that keeps what it forms, so that another λ at the same point costs little more than its
         * factorization. It takes more bytes. Where nothing can be kept, this offer itself.
         */
        default SystemOffer keeping() {
            return this;
        }

        /**
         * Makes the system at this point, in the arithmetic of {@code type}; the same call at the next point finds its
         * buffers kept.
         *
         * @param limit bytes that all systems kept may take together; the others are freed if they would not fit
         * @return the system, valid as long as the point is; its owner is the problem
         */
        DampedSystem open(DataType type, long limit);
    }
}
