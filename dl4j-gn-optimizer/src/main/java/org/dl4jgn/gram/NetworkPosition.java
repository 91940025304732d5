package org.dl4jgn.gram;

/**
 * The linearization point to which what is computed through a compiled network belongs: one object for each point, the
 * same for all that is asked of it.
 */
public interface NetworkPosition {

    /**
     * Puts the network at this point, where it may not stand any more because trial points were evaluated.
     *
     * @throws IllegalStateException if the point has ended
     */
    void restore();

    /**
     * What {@link #restore} refuses, for what needs no network.
     *
     * @throws IllegalStateException if the point has ended
     */
    void requireValid();
}
