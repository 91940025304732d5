package org.dl4jgn.graph;

/** The sizes of a batch's features do not go through the network's layers. */
public final class GeometryException extends IllegalArgumentException {

    GeometryException(String message) {
        super(message);
    }
}
