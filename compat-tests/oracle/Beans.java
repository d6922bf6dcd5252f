import com.sun.tools.attach.VirtualMachine;
import java.util.Set;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The numbers among the MBeans of a running broker: domain, properties of the name, attribute and value, by tabs. */
public class Beans {
    public static void main(String[] args) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(args[0]);
        JMXServiceURL url = new JMXServiceURL(machine.startLocalManagementAgent());
        try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            Set<ObjectName> names = server.queryNames(new ObjectName("kafka.*:*"), null);
            for (ObjectName name : names) {
                for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                    Object value;
                    try {
                        value = server.getAttribute(name, attribute.getName());
                    } catch (Exception gone) {
                        continue;
                    }
                    if (!(value instanceof Number)) continue;
                    String[] columns = {
                        name.getDomain(), name.getKeyPropertyListString(), attribute.getName(), value.toString()
                    };
                    System.out.println(String.join("\t", columns));
                }
            }
        } finally {
            machine.detach();
        }
    }
}
