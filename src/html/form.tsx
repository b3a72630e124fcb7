/** Parts of forms. None needs a script, and no control is on unless the person turned it on. */
import type { ComponentChildren, VNode } from 'preact';

export const tokenName = 'token';

/** Shows that the form was made for this session; without it nothing is done. */
export function TokenField({ token }: { readonly token: string }): VNode {
  return <input type="hidden" name={tokenName} value={token} />;
}

export interface SwitchProps {
  readonly name: string;
  readonly on: boolean;
  readonly children: ComponentChildren;
  /** Id of the text that says more about it; null where there is none. */
  readonly describedBy: string | null;
}

export function Switch({ name, on, children, describedBy }: SwitchProps): VNode {
  const described = describedBy === null ? {} : { 'aria-describedby': describedBy };
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        name={name}
        value="on"
        checked={on}
        autocomplete="off"
        {...described}
      />
      <span>{children}</span>
    </label>
  );
}

export interface SelectProps {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly chosen: string;
}

/** Its label is for those alone who do not see what it stands beside. */
export function HiddenLabelSelect({ name, label, options, chosen }: SelectProps): VNode {
  return (
    <label>
      <span class="hidden">{label}</span>
      <select name={name} autocomplete="off">
        {options.map(({ value, text }) => (
          <option value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
