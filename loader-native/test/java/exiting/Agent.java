package exiting;

/** A Java agent that ends the process while the JVM boots. */
public final class Agent {
  private Agent() {}

  /** Called by the JVM, with what follows the "=" of -javaagent. */
  public static void premain(String argument) throws InterruptedException {
    switch (argument) {
      case "exit" -> System.exit(3);
      case "halt" -> Runtime.getRuntime().halt(3);
      case "thread" -> { // another thread than the booting one
        Thread thread = new Thread(() -> System.exit(3));
        thread.start();
        thread.join();
      }
      default -> throw new IllegalArgumentException(argument);
    }
  }
}
