package org.dl4jgn.gram;

/** Buffers of one size that take in point after point. */
interface Loadable extends AutoCloseable {

    /** Takes the point in at which the model stands now. */
    void load();

    /** Bytes that were allocated. */
    long bytes();

    @Override
    void close();
}
