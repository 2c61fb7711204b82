from label_studio_sdk.label_interface import LabelInterface

from labeling import CONFIG, OTHER_CONFIG, new_project
from sdk_test_case import SdkTestCase, with_each_token


@with_each_token
class LabelConfigs(SdkTestCase):
    def test_a_label_config_comes_back_character_by_character(self):
        entities = '<View><Header value="&lt;&amp;&#10;"/></View>'
        for config in (CONFIG, OTHER_CONFIG, f"\n\t<!-- ü😀 -->\r\n{CONFIG}  ", entities):
            created = new_project(self.client, label_config=config)
            self.assertEqual(created.label_config, config)
            self.assertEqual(self.client.projects.get(id=created.id).label_config, config)
            self.assertEqual(self.client.projects.update(id=created.id, label_config=config).label_config, config)

    def test_the_label_interface_is_made_of_the_label_config(self):
        created = new_project(self.client)
        interface = self.client.projects.get(id=created.id).get_label_interface()
        self.assertIsInstance(interface, LabelInterface)
        interface.validate()
        self.assertEqual(interface.config, CONFIG)
        self.assertEqual(interface.get_control("sentiment").to_name, ["text"])
        self.assertEqual(interface.get_object("text").value, "$text")
        region = interface.get_control("sentiment").label(["Positive"])
        self.assertEqual(region.value.choices, ["Positive"])

    def test_a_label_config_is_parsed_as_the_sdk_parses_it(self):
        for config in (CONFIG, OTHER_CONFIG):
            created = new_project(self.client, label_config=config)
            parsed = {
                name: {"type": control.tag, "to_name": control.to_name, "labels": control.labels}
                for name, control in ((each.name, each) for each in LabelInterface(config).controls)
            }
            presented = {
                name: {"type": control["type"], "to_name": control["to_name"], "labels": control["labels"]}
                for name, control in created.parsed_label_config.items()
            }
            self.assertEqual(presented, parsed)

    def test_a_label_config_is_checked_against_the_projects(self):
        created = new_project(self.client)
        validate = self.client.projects.validate_label_config
        self.assertIn(validate(id=created.id, label_config=CONFIG).config_essential_data_has_changed, (None, False))
        self.assertIs(validate(id=created.id, label_config=OTHER_CONFIG).config_essential_data_has_changed, True)
        self.assertEqual(self.client.projects.get(id=created.id).label_config, CONFIG)

    def test_a_label_config_with_a_mistake_is_refused(self):
        created = new_project(self.client)
        wrong = '<View><Choices name="c" toName="nope"><Choice value="a"/></Choices></View>'
        with self.assertApiError(400) as caught:
            self.client.projects.validate_label_config(id=created.id, label_config=wrong)
        problem = "toName=\"nope\" not found in names: ['c']"
        self.assertEqual(caught.body["validation_errors"], {"non_field_errors": [problem]})
        with self.assertApiError(400):
            self.client.projects.validate_label_config(id=created.id, label_config="<View")
        with self.assertApiError(400) as caught:
            self.client.projects.update(id=created.id, label_config=wrong)
        self.assertEqual(caught.body["validation_errors"], {"label_config": [problem]})
        with self.assertApiError(404):
            self.client.projects.validate_label_config(id=999_999, label_config=CONFIG)
