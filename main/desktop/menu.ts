import { app, Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * The application menu: what belongs to the program and its windows. Everything about painting has its menus and
 * keys in the page. Off macOS the bar is hidden and only its keys work, since Alt is the painter's.
 */
export function installMenu(): void {
  const mac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [appMenu()] : []),
    {
      // macOS gives text fields their keys through this menu; elsewhere Chromium has them itself.
      label: 'Edit',
      submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    },
    {
      label: 'Window',
      submenu: [
        { role: 'togglefullscreen' },
        // macOS binds the key of `minimize` to Cmd+M, which is Curves in the page.
        { role: 'minimize', accelerator: '' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
        ...(mac ? [{ role: 'front' } as const] : [{ role: 'quit' } as const]),
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function appMenu(): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}
