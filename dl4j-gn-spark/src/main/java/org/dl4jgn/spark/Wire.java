package org.dl4jgn.spark;

import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import scala.reflect.ClassTag$;

/**
 * Objects as bytes. Spark's messages between driver and executors are read by a class loader that does not know the classes of a
 * program that was submitted, so that they carry bytes, which the class loader of this program reads.
 */
final class Wire {

    private Wire() {}

    static <T> byte[] bytes(T object) {
        ByteBuffer written = SparkEnv.get()
                .closureSerializer()
                .newInstance()
                .serialize(object, ClassTag$.MODULE$.apply(object.getClass()));
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return bytes;
    }

    static <T> T read(byte[] bytes, Class<T> type) {
        return SparkEnv.get()
                .closureSerializer()
                .newInstance()
                .deserialize(ByteBuffer.wrap(bytes), Wire.class.getClassLoader(), ClassTag$.MODULE$.apply(type));
    }
}
