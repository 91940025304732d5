package org.dl4jgn.optimize;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.api.buffer.DataType;

/** The direction of each kind of configuration. */
public final class Directions {

    /** Makes the direction of some settings. */
    @FunctionalInterface
    public interface Factory<C extends GaussNewtonUpdater> {

        /**
         * Makes a direction.
         *
         * @param type the type of vectors
         * @param dimension d, their length
         */
        Direction create(C settings, DataType type, long dimension);
    }

    private static final Map<Class<?>, Factory<GaussNewtonUpdater>> FACTORIES = new ConcurrentHashMap<>();

    static {
        register(Sgn.class, SgnDirection::new);
        register(Egn.class, EgnDirection::new);
    }

    private Directions() {}

    /** Says how the direction of a class of settings is made; of this class itself, not of its subclasses. */
    public static <C extends GaussNewtonUpdater> void register(Class<C> settings, Factory<? super C> factory) {
        FACTORIES.put(settings, (conf, type, dimension) -> factory.create(settings.cast(conf), type, dimension));
    }

    /**
     * The direction of some settings; the caller closes it.
     *
     * @throws IllegalStateException if none is registered for their class
     */
    static Direction of(GaussNewtonUpdater settings, DataType type, long dimension) {
        Factory<GaussNewtonUpdater> factory = FACTORIES.get(settings.getClass());
        if (factory == null) {
            throw new IllegalStateException("No direction for settings of "
                    + settings.getClass().getName() + ". There are directions for " + FACTORIES.keySet()
                    + "; Directions.register adds one.");
        }
        return factory.create(settings, type, dimension);
    }
}
