import { Button } from "~/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "~/components/ui/card";
import { Checkbox } from "~/components/ui/checkbox";
import { Field } from "~/components/ui/field";
import { FlaskConical, Globe, Search, Zap } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { Kbd } from "~/components/ui/kbd";
import { PasswordInput } from "~/components/ui/password-input";
import { RadioCards } from "~/components/ui/radio-cards";
import { Select } from "~/components/ui/select";
import { Switch } from "~/components/ui/switch";
import { TextLink } from "~/components/ui/text-link";
import { Textarea } from "~/components/ui/textarea";
import { Section } from "./section";

/** Fields in rest, refused and disabled. */
export function FormsSection() {
  return (
    <Section id="forms" title="Forms">
      <div className="grid gap-4 xl:grid-cols-2">
        <Card>
          <CardHeader title="New application" note="in rest" />
          <CardBody className="grid gap-4">
            <Field id="name" label="Name" hint="Your team sees it; customers do not.">
              {(control) => <Input {...control} name="name" placeholder="Web shop" />}
            </Field>
            <Field id="q" label="Search">
              {(control) => (
                <Input
                  {...control}
                  type="search"
                  icon={<Search />}
                  end={<Kbd>/</Kbd>}
                  placeholder="Session id, order, e-mail"
                />
              )}
            </Field>
            <Field id="zone" label="Time zone">
              {(control) => (
                <Select {...control} icon={<Globe />} defaultValue="mel">
                  <option value="mel">Melbourne (AEDT, UTC+11)</option>
                  <option value="utc">UTC</option>
                </Select>
              )}
            </Field>
            <Field id="note" label="Note" optional>
              {(control) => <Textarea {...control} placeholder="Add a note for your team" />}
            </Field>
            <RadioCards
              id="mode"
              name="mode"
              legend="Mode"
              defaultValue="test"
              options={[
                {
                  value: "test",
                  label: "Test",
                  description: "Simulated providers, no money moves.",
                  icon: <FlaskConical />,
                },
                {
                  value: "live",
                  label: "Live",
                  description: "Real providers and cards.",
                  icon: <Zap />,
                  disabled: true,
                },
              ]}
            />
            <Checkbox label="I have stored it" hint="The key is shown only once." />
            <Switch label="Send events" hint="Deliveries stop while it is off." defaultChecked />
            <Switch label="Retry by hand only" />
          </CardBody>
          <CardFooter>
            <Button>Discard</Button>
            <Button variant="primary">Save</Button>
          </CardFooter>
        </Card>
        <Card>
          <CardHeader title="Sign in" note="refused, and disabled" />
          <CardBody className="grid gap-4">
            <Field id="email" label="E-mail" errors={["Write an e-mail address, as name@example.com."]}>
              {(control) => <Input {...control} type="email" defaultValue="mara@demo-outfitters" />}
            </Field>
            <Field
              id="pw"
              label="Password"
              aside={<TextLink to="?">Forgot it?</TextLink>}
              errors={["E-mail or password is not right. 4 tries left before a 15-minute pause."]}
            >
              {(control) => (
                <PasswordInput
                  {...control}
                  defaultValue="not the right one"
                  autoComplete="current-password"
                />
              )}
            </Field>
            <Field id="currency" label="Currency" errors={["Choose a currency."]} hint="ISO 4217.">
              {(control) => (
                <Select {...control} defaultValue="">
                  <option value="">Choose</option>
                  <option>AUD</option>
                </Select>
              )}
            </Field>
            <RadioCards
              id="events"
              name="events"
              legend="Events"
              errors={["Choose which events to send."]}
              options={[
                { value: "all", label: "All events" },
                { value: "some", label: "Some events" },
              ]}
            />
            <Field id="url" label="Endpoint URL" hint="Turned off: change it in the provider's settings.">
              {(control) => <Input {...control} disabled defaultValue="https://shop.example/hooks" />}
            </Field>
            <Checkbox label="Disabled" disabled />
            <Switch label="Disabled" disabled />
          </CardBody>
        </Card>
      </div>
    </Section>
  );
}
