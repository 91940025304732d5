package org.dl4jgn.translate;

/** The network, or one of its settings, is outside what Gauss-Newton training supports; the message names it. */
public final class UnsupportedNetworkException extends UnsupportedOperationException {

    private static final long serialVersionUID = 1L;

    /** One sentence that names the layer, loss or setting, and one that lists what is supported. */
    public UnsupportedNetworkException(String message) {
        super(message);
    }
}
