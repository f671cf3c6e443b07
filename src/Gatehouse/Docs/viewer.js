// Swagger UI without what keeps people from using it: links inside of buttons, text areas without a name, light colours in the dark.
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

window.SwaggerUIBundle({
  url: '/openapi/v1.json',
  dom_id: '#viewer',
  deepLinking: true,
  validatorUrl: null,
  plugins: [
    () => ({
      wrapComponents: {
        DeepLink: (Original, { React }) => (props) => React.createElement(Original, { ...props, enabled: false }),
        TextArea: (Original, { React }) => (props) => React.createElement(Original, { 'aria-label': 'Value', ...props }),
      },
    }),
  ],
});
